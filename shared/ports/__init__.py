"""What the use cases need from outside, as small Protocols. Nothing beyond these may be assumed.

All of them may raise `UpstreamDown` (no answer, a fault on the other side), and `Misconfigured` where a
resource or permission of the deployment is missing. Times are aware and in UTC.
"""
