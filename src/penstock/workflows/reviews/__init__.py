"""The review queue: doubtful answers of models that a person approves, edits or rejects before the record goes on."""
