/// `POST /v2/join`: a workstation enrols with an invitation.
public struct JoinRequest: Hashable, Sendable {
    public var invitation: String
    /// What people call the workstation: "Desk 1".
    public var name: String
    /// A keyed hash of a constant: equal at every workstation with the line's key, tells nothing of the key.
    public var keyCheck: [UInt8]

    public static let keyCheckBytes = 16
    public static let invitationBytes = 200

    public init(invitation: String, name: String, keyCheck: [UInt8]) {
        self.invitation = invitation
        self.name = name
        self.keyCheck = keyCheck
    }
}

/// The answer to ``JoinRequest``. Keep the token: it is not shown again.
public struct JoinResponse: Hashable, Sendable {
    public var line: LineID
    public var lineName: String
    /// Sent as `Authorization: Bearer …` with every later request.
    public var token: String
    public var serverTime: Int64

    public init(line: LineID, lineName: String, token: String, serverTime: Int64) {
        self.line = line
        self.lineName = lineName
        self.token = token
        self.serverTime = serverTime
    }
}

extension JoinRequest {
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map(4)
        writer.unsigned(0); writer.unsigned(SyncRequest.version)
        writer.unsigned(1); writer.text(invitation)
        writer.unsigned(2); writer.text(name)
        writer.unsigned(3); writer.data(keyCheck)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var invitation: String?
        var name: String?
        var keyCheck: [UInt8]?
        try reader.map { key, reader throws(ProtocolError) in
            switch key {
            case 0:
                version = try reader.version()
            case 1: invitation = try reader.text(limit: Self.invitationBytes)
            case 2: name = try reader.text(limit: Limits.nameBytes)
            case 3: keyCheck = Array(try reader.data(exactly: Self.keyCheckBytes))
            default: return false
            }
            return true
        }
        try reader.finish()
        guard version != nil, let invitation, let name, let keyCheck
        else { throw ProtocolError(.missing, offset: reader.offset) }
        self.init(invitation: invitation, name: name, keyCheck: keyCheck)
    }
}

extension JoinResponse {
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.map(5)
        writer.unsigned(0); writer.unsigned(SyncRequest.version)
        writer.unsigned(1); writer.data(line.bytes)
        writer.unsigned(2); writer.text(lineName)
        writer.unsigned(3); writer.text(token)
        writer.unsigned(4); writer.integer(serverTime)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        var version: UInt64?
        var line: LineID?
        var lineName: String?
        var token: String?
        var time: Int64?
        try reader.map { key, reader throws(ProtocolError) in
            switch key {
            case 0:
                version = try reader.version()
            case 1: line = LineID(try reader.data(exactly: 16))
            case 2: lineName = try reader.text(limit: Limits.nameBytes)
            case 3: token = try reader.text(limit: 200)
            case 4: time = try reader.serverTime()
            default: return false
            }
            return true
        }
        try reader.finish()
        guard version != nil, let line, let lineName, let token, let time
        else {
            throw ProtocolError(.missing, offset: reader.offset)
        }
        self.init(line: line, lineName: lineName, token: token, serverTime: time)
    }
}
