"""Taking a background away, around the network: its input, its mask, clean edges, exports."""
