"""A local Secret Manager (v1) over plain gRPC, behind the official client. Values live in memory only."""
