"""The front of the local stack: what Google's front end, load balancer and Pub/Sub's push signer do."""
