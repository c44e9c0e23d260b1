"""What every room of the core knows: plain values. Imports nothing else of maild."""
