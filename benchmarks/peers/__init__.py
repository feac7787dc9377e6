"""What the portal is measured against. What is not installed with it runs in an environment of its own."""
