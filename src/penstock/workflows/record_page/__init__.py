"""What the page of one record tells about its past: who wrote which value, and what happened to it when."""
