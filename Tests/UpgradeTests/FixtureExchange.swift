import JSON
import SyncProtocol

/// One request and its answer, as they went over the wire.
struct FixtureExchange: Sendable {
    var desk: String
    var path: String
    var request: [UInt8]
    var status: Int
    var response: [UInt8]

    init(desk: String, path: String, request: [UInt8], status: Int, response: [UInt8]) {
        self.desk = desk
        self.path = path
        self.request = request
        self.status = status
        self.response = response
    }

    init?(_ json: JSONValue) {
        guard let desk = json["desk"]?.string, let path = json["path"]?.string, let status = json["status"]?.integer,
            let request = json["request"]?.string.flatMap({ bytes(hexadecimal: $0) }),
            let response = json["response"]?.string.flatMap({ bytes(hexadecimal: $0) })
        else { return nil }
        self.init(desk: desk, path: path, request: request, status: Int(status), response: response)
    }

    var json: JSONValue {
        [
            "desk": .string(desk), "path": .string(path), "status": JSONValue(status),
            "request": .string(hexadecimalText(request)), "response": .string(hexadecimalText(response)),
        ]
    }
}
