import Testing

/// Every test of the target, one after another: they share the machine's two cores and count sockets.
@Suite(.serialized)
struct HTTPServerTests {}
