"""Trying a workflow before records go through it: one step, its texts, its price, who would come in."""
