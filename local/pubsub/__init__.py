"""An embedded Pub/Sub for machines without Google's emulator: real gRPC behind the official clients.

What it does is what the local stack and its tests need: topics, push and pull subscriptions, redelivery,
backoff and dead letter topics. Messages live in memory. Not there, and answered with UNIMPLEMENTED: filters,
ordered delivery, seek and snapshots, schemas, exports.
"""
