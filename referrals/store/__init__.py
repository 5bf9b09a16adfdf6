"""The casework database: every statement on it, one function one commit."""
