import HTTPClient
import Support
import SyncProtocol

extension SyncError {
    init(_ error: HTTPClientError) {
        switch error.code {
        case .tls:
            self.init(
                .insecure, "\(error.message); nothing was sent, your work is safe here: tell the operator", cause: error
            )
        case .invalidURL, .libraryMissing, .invalidRequest:
            self.init(.unusable, "\(error.message); your work is safe here", cause: error)
        case .tooLarge, .invalidResponse:
            self.init(
                .badAnswer, "\(error.message); nothing of it was taken in, your work is safe here: try again later",
                cause: error)
        case .timedOut:
            self.init(
                .timedOut, "\(error.message); your work is safe here and will be sent when it can be", cause: error)
        default:
            self.init(
                .unreachable, "\(error.message); your work is safe here and will be sent when it can be", cause: error)
        }
    }

    /// From an answer that is no message: the server's or the network's fault, or one of another version.
    init(unreadable error: ProtocolError) {
        if error.code == .version {
            self = .otherVersion(cause: error)
        } else {
            self.init(
                .badAnswer,
                "the server's answer cannot be read: \(error); nothing of it was taken in, your work is safe here",
                cause: error)
        }
    }

    private static func otherVersion(cause: (any Error)? = nil) -> SyncError {
        SyncError(
            .otherVersion,
            "this program and the server speak different versions of the protocol; nothing was exchanged, your work is safe here: update the older of the two",
            cause: cause)
    }

    /// From an answer that is an error, by the stable name of its problem (RFC 9457).
    init(_ response: HTTPClientResponse) {
        let safe = "your work is safe here"
        switch Self.problem(response.body) {
        case "unknown-invitation":
            self.init(
                .unknownInvitation,
                "the server does not know this invitation, or it was withdrawn; \(safe): check it, or ask for a new one"
            )
        case "invitation-expired":
            self.init(.invitationExpired, "the invitation has expired; \(safe): ask for a new one")
        case "invitation-used":
            self.init(
                .invitationUsed,
                "another computer has used this invitation; \(safe): ask for a new one, and tell a lead that somebody else may have seen this one"
            )
        case "invitation-ended":
            self.init(
                .joinEnded, "a lead withdrew this invitation, or ended the admission; \(safe): ask for a new one")
        case "join-mismatch":
            self.init(
                .tampered,
                "the server has something else of this admission than was sent; nothing was changed: ask for a new invitation, and tell the lead why"
            )
        case "roster-refused":
            self.init(
                .refused, "the line's roster has no room for this any more, or it was done before; nothing was changed")
        case "line-exists": self.init(.refused, "this line was founded before; nothing was changed")
        case "too-many-lines": self.init(.refused, "the server has no room for another line; nothing was changed")
        case "join-out-of-turn", "not-allowed":
            self.init(
                .refused, "the server does not take this now; nothing was changed: look at how the admission stands")
        case "unknown-device":
            self.init(.unknownDevice, "the server does not know this workstation; \(safe): tell the operator")
        case "removed":
            self.init(.removed, "a lead has taken this workstation out of the line; \(safe): talk to a lead")
        case "stale-ticket":
            self.init(
                .badAnswer, "the server takes none of its own tickets; \(safe) and will be sent later",
                retryAfterSeconds: 10)
        case "roster-undecided":
            self.init(
                .rosterUndecided,
                "two of the line's leads have each taken rights away while the server was put back; \(safe): a lead settles it with a recovery sheet"
            )
        case "not-lead": self.init(.notLead, "only a lead of the line may do that; nothing was changed, \(safe)")
        case "join-answered":
            self.init(.joinAnswered, "another lead has answered this workstation already; nothing was changed, \(safe)")
        case "wrong-line", "unknown-line":
            self.init(
                .wrongLine,
                "the server does not hold this workstation's line; nothing was sent, \(safe): check its address")
        case "unauthorized", "revoked":
            self.init(.refused, "the server does not let this workstation in any more; \(safe): ask the operator")
        case "wrong-device":
            self.init(.refused, "the server knows this workstation's data as another's; \(safe): ask the operator")
        case "other-version": self = .otherVersion()
        case "too-old":
            let minimum = Self.minimum(response.body)
            self.init(
                .tooOld,
                "this program is version \(Release.version), and the operator asks for \(minimum ?? "a newer one"); nothing was exchanged, \(safe), and is sent when it was updated",
                retryAfterSeconds: response.retryAfterSeconds(now: WallClock.system.nowMilliseconds()))
            minimumVersion = minimum
        case "no-room":
            self.init(
                .noRoom,
                "the line holds as much at the server as the operator lets it; \(safe), and is sent when there is room: tell the operator",
                retryAfterSeconds: response.retryAfterSeconds(now: WallClock.system.nowMilliseconds()))
        case "too-large":
            self.init(.tooLarge, "the server cannot take what was sent (status \(response.status)); \(safe)")
        case "malformed":
            self.init(.malformed, "the server could not read what was sent; \(safe) and will be sent again")
        default:
            // Only our own server's word counts: a proxy or a hotel's network may answer with any status it likes.
            let after = response.retryAfterSeconds(now: WallClock.system.nowMilliseconds())
            switch response.status {
            case 413:
                self.init(
                    .tooLargeOnTheWay,
                    "something on the way to the server takes no messages of this size (status 413); \(safe) and goes in smaller parts"
                )
            case 429, 500...599:
                self.init(
                    .unavailable,
                    "the server cannot work just now (status \(response.status)); \(safe) and will be sent later",
                    retryAfterSeconds: after)
            default:
                self.init(notOurs: response)
            }
        }
    }

    /// From an answer that none of our servers gives.
    init(notOurs response: HTTPClientResponse) {
        let what =
            response.isCaptivePortal
            ? "a page of the network answered in the server's place, as in hotels and trains (status \(response.status)); your work is safe here: open a browser and sign in to the network, or use another"
            : "something other than a lugn-server answered (status \(response.status)); your work is safe here: check the server's address and the network"
        self.init(.badAnswer, what)
    }

    /// The version behind `"minimum":` in the body; nil for what is none.
    private static func minimum(_ body: [UInt8]) -> String? {
        let text = String(decoding: body.prefix(4_096), as: UTF8.self)
        guard let key = text.firstRange(of: "\"minimum\":") else { return nil }
        let value = text[key.upperBound...].drop { $0 == " " }
        guard value.first == "\"" else { return nil }
        return ProgramVersion(String(value.dropFirst().prefix { $0 != "\"" }))?.description
    }

    /// The name behind `urn:lugn:problem:` in the body. A whole JSON reader is not needed to find it.
    static func problem(_ body: [UInt8]) -> String {
        let text = String(decoding: body.prefix(4_096), as: UTF8.self)
        let marker = "urn:lugn:problem:"
        guard let start = text.firstRange(of: marker) else { return "" }
        return String(text[start.upperBound...].prefix { $0.isLetter || $0 == "-" })
    }
}

extension SyncError.Code {
    /// A request that the server cannot read or take: tried again in smaller parts.
    static let tooLarge = SyncError.Code(name: "tooLarge")
    /// A request that the server cannot read: damaged on the way, or made by a version that it does not understand.
    static let malformed = SyncError.Code(name: "malformed")
}
