extension HTTPClient {
    /// How a client connects; the same for all its requests.
    public struct Configuration: Sendable {
        /// The longest time for name resolution, TCP and TLS together.
        public var connectTimeoutSeconds: Double = 20
        /// A PEM file of the only certificates to trust; nil for the system's.
        public var caCertificateFile: String?
        /// `sha256//` and the base64 of the SHA-256 of the server's public key (RFC 7469, section 2.4); several are
        /// separated by `;`.
        ///
        /// Alone it decides instead of an authority, name and date: that is for private certificates, whose key is known.
        /// With ``caCertificateFile`` both have to agree.
        public var pinnedPublicKey: String?
        /// A PEM file with the client's certificate.
        public var clientCertificateFile: String?
        /// A PEM file with the key of ``clientCertificateFile``.
        public var clientKeyFile: String?
        /// Whether `http` may be used to other machines: whoever is on the way then reads and changes everything.
        public var allowsPlainHTTP = false
        /// Whether `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` of the environment count. This machine itself
        /// is always reached directly.
        public var usesEnvironmentProxy = false
        /// The `User-Agent` field.
        public var userAgent: String = "lugn"

        public init() {}
    }
}
