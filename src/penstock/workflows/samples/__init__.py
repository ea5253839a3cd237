"""Samples: a workflow, or one step of it, tried on several records with the real model and no effects."""
