public import HTTPClient
import JSON
import Sealing
import Trust

/// How this workstation may reach its server: what it was told when it came into the line, kept in a file of the data folder
/// for every later program.
public struct ServerAccess: Sendable {
    public var configuration = HTTPClient.Configuration()

    private static let fileName = "server-access.json"
    private static let fileLimitBytes = 64 << 10
    private static let pinPrefix = "sha256//"

    public init() {}

    /// As it was kept; without a file as if nothing had been told.
    ///
    /// Errors: `cannotKeep` for a damaged file.
    public init(folder: String) throws(WorkstationError) {
        guard let bytes = try readFile(folder + "/" + Self.fileName, limit: Self.fileLimitBytes) else { return }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: bytes)
        } catch {
            throw WorkstationError(
                .cannotKeep,
                "\(Self.fileName) in the data folder is damaged; your work is safe here: remove that file, and if the server has a private certificate, ask the operator for help"
            )
        }
        configuration.caCertificateFile = document["caFile"]?.string
        configuration.pinnedPublicKey = document["pin"]?.string
        configuration.allowsPlainHTTP = document["insecureHTTP"]?.bool == true
        configuration.usesEnvironmentProxy = document["useProxy"]?.bool == true
    }

    /// Keeps it. Errors: `cannotKeep`; what was kept before is as it was then.
    public func keep(in folder: String) throws(WorkstationError) {
        let document: JSONValue = [
            "caFile": configuration.caCertificateFile.map { .string($0) } ?? nil,
            "pin": configuration.pinnedPublicKey.map { .string($0) } ?? nil,
            "insecureHTTP": .bool(configuration.allowsPlainHTTP), "useProxy": .bool(configuration.usesEnvironmentProxy),
        ]
        try writePrivateFile(folder + "/" + Self.fileName, document.text + "\n")
    }

    /// With the server's key that an invitation names, if it names one.
    ///
    /// - Parameter pin: SHA-256 of the public key of the server's certificate.
    public func pinned(to pin: [UInt8]?) -> ServerAccess {
        var access = self
        if let pin { access.configuration.pinnedPublicKey = Self.pinPrefix + Base64.text(pin) }
        return access
    }

    /// The server's key that invitations of this line should name; nil where any good certificate is taken.
    public var pin: [UInt8]? {
        guard let text = configuration.pinnedPublicKey, text.hasPrefix(Self.pinPrefix), !text.contains(";") else {
            return nil
        }
        return Base64.bytes(String(text.dropFirst(Self.pinPrefix.count)))
    }
}
