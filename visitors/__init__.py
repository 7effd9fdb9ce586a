"""Who came, what they told us, what they agreed to, and how they find their way back."""
