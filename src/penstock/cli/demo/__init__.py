"""`penstock demo`: from an empty folder to real records answered by a real model, in one command."""
