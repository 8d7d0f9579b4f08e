"""The program without a face."""
