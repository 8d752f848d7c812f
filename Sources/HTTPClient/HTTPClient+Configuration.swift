extension HTTPClient {
    /// How a client connects; the same for all its requests.
    public struct Configuration: Sendable {
        /// The longest time for name resolution, TCP and TLS together.
        public var connectTimeoutSeconds: Double = 10
        /// A PEM file of the only certificates to trust; nil for the system's.
        public var caCertificateFile: String?
        /// `sha256//` and the base64 of the SHA-256 of the server's public key (RFC 7469), checked in
        /// addition to the certificate; several are separated by `;`.
        public var pinnedPublicKey: String?
        /// A PEM file with the client's certificate.
        public var clientCertificateFile: String?
        /// A PEM file with the key of ``clientCertificateFile``.
        public var clientKeyFile: String?
        /// The `User-Agent` field.
        public var userAgent: String = "lugn"
        /// A transfer slower than this for ``lowSpeedTimeoutSeconds`` ends in
        /// ``HTTPClientError/Code/timedOut``; 0 turns the check off.
        ///
        /// Waiting for a late answer counts as slow, so a long poll must be shorter than the timeout.
        public var lowSpeedLimitBytesPerSecond: Int = 1
        /// How long a transfer may be slower than ``lowSpeedLimitBytesPerSecond``.
        public var lowSpeedTimeoutSeconds: Int = 60

        public init() {}
    }
}
