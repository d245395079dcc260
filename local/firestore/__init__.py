"""An embedded Firestore server (Native mode) in pure Python, for machines without Java.

It speaks google.firestore.v1 over gRPC with the protobufs of google-cloud-firestore, so Google's own clients use
it through FIRESTORE_EMULATOR_HOST. `python -m local.firestore --port P` starts it; `server.FirestoreServer` runs it
inside a process. It differs from Google's emulator in three ways that matter: transactions are optimistic (a
conflict costs a retry, not a lock of 2 s), a query without its composite index can be made to fail as it does
in the cloud, and documents can be kept in an SQLite file.
"""
