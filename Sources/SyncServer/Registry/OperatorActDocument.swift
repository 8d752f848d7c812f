import ChangeLog
import JSON
import SyncProtocol
import Trust

/// `POST /v2/admin/acts`: what an operator wants done, as JSON: `request` (32 hexadecimal digits that their program chose for it),
/// `act`, and what it is done to. The same request again is not done again.
struct OperatorActDocument {
    let request: [UInt8]
    let act: OperatorAct

    /// Errors: ``Problem/malformed(_:)``.
    init(_ body: [UInt8]) throws {
        let document: JSONValue
        do {
            document = try JSONValue(parsing: body)
        } catch {
            throw Problem.malformed("The body is no JSON document")
        }
        let fields = Fields(document: document)
        request = try fields.bytes("request", count: 16)
        act = try fields.act()
    }

    private struct Fields {
        let document: JSONValue

        func act() throws(Problem) -> OperatorAct {
            switch document["act"]?.string {
            case "add-operator":
                .addOperator(
                    signingKey: try bytes("key", count: 32), label: try text("label", limit: OperatorAct.labelBytes),
                    line: document["line"] == nil ? nil : try line())
            case "remove-operator": .removeOperator(try id("operator", OperatorID.init(hexadecimal:)))
            case "invite-founder":
                .inviteFounder(
                    signingKey: try bytes("key", count: 32), name: try text("name", limit: Limits.nameBytes),
                    expires: try time("expires"))
            case "invite-recovery":
                .inviteRecovery(signingKey: try bytes("key", count: 32), line: try line(), expires: try time("expires"))
            case "await-line":
                .awaitLine(try line(), name: try text("name", limit: Limits.nameBytes))
            case "withdraw": .withdraw(try id("invitation", InvitationID.init(hexadecimal:)))
            case "block": .block(try id("device", DeviceID.init(hexadecimal:)))
            case "label":
                .label(
                    try id("device", DeviceID.init(hexadecimal:)),
                    try text("label", limit: OperatorAct.labelBytes, mayBeEmpty: true))
            case "minimum-version": .minimumProgram(try line(), try version("version"))
            case "quota": .quota(try line(), bytes: try count("bytes"))
            default: throw .malformed("act names nothing that an operator can do")
            }
        }

        func bytes(_ name: String, count: Int) throws(Problem) -> [UInt8] {
            guard let text = document[name]?.string, let bytes = SyncProtocol.bytes(hexadecimal: text),
                bytes.count == count
            else { throw .malformed("\(name) has \(2 * count) hexadecimal digits") }
            return bytes
        }

        private func line() throws(Problem) -> LineID {
            try id("line") { LineID(SyncProtocol.bytes(hexadecimal: $0) ?? []) }
        }

        private func id<ID>(_ name: String, _ read: (String) -> ID?) throws(Problem) -> ID {
            guard let id = document[name]?.string.flatMap(read) else {
                throw .malformed("\(name) has 32 hexadecimal digits")
            }
            return id
        }

        private func text(_ name: String, limit: Int, mayBeEmpty: Bool = false) throws(Problem) -> String {
            guard let text = document[name]?.string, text.utf8.count <= limit, mayBeEmpty || !text.isEmpty,
                text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
            else { throw .malformed("\(name) is a text of at most \(limit) bytes, on one line") }
            return text
        }

        /// Nil where it is null.
        private func version(_ name: String) throws(Problem) -> ProgramVersion? {
            if document[name] == .null { return nil }
            guard let version = document[name]?.string.flatMap({ ProgramVersion($0) }) else {
                throw .malformed("\(name) is null or three numbers with dots between them")
            }
            return version
        }

        /// Nil where it is null.
        private func count(_ name: String) throws(Problem) -> Int64? {
            if document[name] == .null { return nil }
            guard let value = document[name]?.integer, (1..<(1 << 53)).contains(value) else {
                throw .malformed("\(name) is null or a number from 1 on")
            }
            return value
        }

        private func time(_ name: String) throws(Problem) -> Int64 {
            guard let value = document[name]?.integer, (0..<(1 << 53)).contains(value) else {
                throw .malformed("\(name) is a number of milliseconds since 1970")
            }
            return value
        }
    }
}
