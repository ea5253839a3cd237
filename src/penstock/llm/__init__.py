"""Language models: one request, one result, one error, whichever provider answers.

request, result, errors   what goes in, what comes out, what can go wrong
provider, providers/      how each provider spells it on the wire (pure functions, one file a provider)
capabilities, model_facts what a model accepts, known beforehand; learned: what its refusals taught us
prompt, outputs           size of a prompt; declared outputs to JSON schema and back (pure)
catalog                   the models of a connection with capabilities and prices
client                    the calls themselves
"""
