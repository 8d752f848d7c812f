internal import CMicroHTTPD

extension HeadFields {
    /// Copies header fields and query parameters out of MHD's memory.
    init(of connection: OpaquePointer) {
        self.init()
        unsafe withUnsafeMutablePointer(to: &self) { fields in
            _ = unsafe MHD_get_connection_values_n(connection, .HEADER_KIND, Self.appendHeader, fields)
            _ = unsafe MHD_get_connection_values_n(connection, .GET_ARGUMENT_KIND, Self.appendQuery, fields)
        }
    }

    private static let appendHeader: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
        unsafe append(.header, to: context, name, nameCount, value, valueCount)
    }

    private static let appendQuery: MHD_KeyValueIteratorN = { context, _, name, nameCount, value, valueCount in
        unsafe append(.query, to: context, name, nameCount, value, valueCount)
    }

    private static func append(
        _ kind: Kind, to context: UnsafeMutableRawPointer?, _ name: UnsafePointer<CChar>?, _ nameCount: Int,
        _ value: UnsafePointer<CChar>?, _ valueCount: Int
    ) -> MHD_Result {
        guard let fields = unsafe context?.assumingMemoryBound(to: HeadFields.self) else { return .NO }
        unsafe fields.pointee.append(
            kind, name: UnsafeRawBufferPointer(start: name, count: name == nil ? 0 : nameCount),
            value: UnsafeRawBufferPointer(start: value, count: value == nil ? 0 : valueCount))
        return .YES
    }
}
