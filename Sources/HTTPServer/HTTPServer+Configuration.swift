internal import CMicroHTTPD

extension HTTPServer {
    /// Where and how a server listens.
    public struct Configuration: Sendable {
        /// A numeric IPv4 or IPv6 address; "0.0.0.0" or "::" is every address of the machine.
        public var address: String
        /// The TCP port; 0 takes any free one, told by `HTTPServer.port`.
        public var port: UInt16
        /// Threads that poll connections and run `HTTPHandler.admit`, at least 1. Handlers run in tasks, not here.
        public var threads: Int
        /// The most connections at one time, waiting ones included; further ones wait in the listen queue.
        /// Divided evenly among the threads. Each needs one open file, and about 16 KiB once it is used. From seven
        /// eighths of it on a new one ends the one that has been longest without a request.
        public var connectionLimit: Int
        /// Seconds without any traffic after which a connection is closed; 0 is never, for trusted clients only:
        /// one that vanishes within a request may then be held until the server stops. The time a handler takes
        /// does not count.
        public var connectionTimeoutSeconds: Int
        /// Seconds for the head of a request, the TLS handshake included; above 0.
        public var headTimeoutSeconds: Double
        /// The pace of a body, in bytes a second, above 0; who falls behind it is cut off.
        public var bodyBytesPerSecond: Double
        /// How many seconds a body may be behind its pace when it begins, above 0; three times that after it was fast.
        public var bodyGraceSeconds: Double
        /// The memory for the bodies of all requests together, in bytes. A request that finds no room is answered with
        /// 503 and told to come again. One account gets a quarter of it at most: more than a single body may have.
        public var bodyMemoryBytes: Int
        /// How long `HTTPServer.stop()` waits for clients to take answers that are ready, in seconds.
        public var stopTimeoutSeconds: Int
        /// Certificate and key for HTTPS; nil serves plain HTTP.
        public var tls: TLS?

        public init(
            address: String = "127.0.0.1", port: UInt16 = 0, threads: Int = 2, connectionLimit: Int = 10_000,
            connectionTimeoutSeconds: Int = 60, headTimeoutSeconds: Double = 30, bodyBytesPerSecond: Double = 10_240,
            bodyGraceSeconds: Double = 10, bodyMemoryBytes: Int = 64 << 20, stopTimeoutSeconds: Int = 5, tls: TLS? = nil
        ) {
            self.address = address
            self.port = port
            self.threads = threads
            self.connectionLimit = connectionLimit
            self.connectionTimeoutSeconds = connectionTimeoutSeconds
            self.headTimeoutSeconds = headTimeoutSeconds
            self.bodyBytesPerSecond = bodyBytesPerSecond
            self.bodyGraceSeconds = bodyGraceSeconds
            self.bodyMemoryBytes = bodyMemoryBytes
            self.stopTimeoutSeconds = stopTimeoutSeconds
            self.tls = tls
        }
    }

    /// What a server proves its name with. TLS 1.2 and 1.3 are offered, nothing older.
    public struct TLS: Sendable {
        /// The certificate chain as PEM text, the server's own certificate first.
        public var certificatePEM: String
        /// The private key of the first certificate as PEM text, without a password.
        public var keyPEM: String

        public init(certificatePEM: String, keyPEM: String) {
            self.certificatePEM = certificatePEM
            self.keyPEM = keyPEM
        }

        /// When the first certificate ends, in milliseconds since 1970; nil for what is no certificate.
        public var expires: Int64? {
            let seconds = unsafe lugn_certificate_expiry(certificatePEM)
            return seconds < 0 ? nil : Int64(seconds) * 1_000
        }

        /// What a client may know the server's key by: the SHA-256 of the first certificate's public key (RFC 7469,
        /// section 2.4), 32 bytes; nil for what is no certificate.
        public var publicKeyHash: [UInt8]? {
            var hash = [UInt8](repeating: 0, count: 32)
            return unsafe lugn_certificate_key_hash(certificatePEM, &hash) ? hash : nil
        }
    }
}
