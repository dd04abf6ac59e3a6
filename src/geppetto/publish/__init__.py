"""What is published: the gates' results, what shops are told, the release folder."""
