import Merge
import SyncProtocol

/// A change with its values in plain form, as commits that wait and what they hide are kept.
struct PlainChange {
    var stamp: Stamp
    var header: ChangeHeader
    /// The values of the header's fields: a CBOR sequence in ascending order of field number.
    var payload: ArraySlice<UInt8>

    var entry: RecordState.Entry { header.entry(stamp) }

    /// A CBOR sequence: per change time, dot, and the change as it would travel, unsealed.
    static func encode(_ changes: [PlainChange]) -> [UInt8] {
        var writer = CBORWriter()
        for change in changes { append(change.header, change.stamp, change.payload, to: &writer) }
        return writer.bytes
    }

    static func append(
        _ header: ChangeHeader, _ stamp: Stamp, _ payload: ArraySlice<UInt8>, to writer: inout CBORWriter
    ) {
        writer.time(stamp.time)
        writer.dot(stamp.dot)
        writer.change(header: header, content: payload)
    }

    static func decode(_ bytes: [UInt8], limits: Limits) throws(ProtocolError) -> [PlainChange] {
        var reader = CBORReader(bytes)
        var changes: [PlainChange] = []
        while !reader.isAtEnd {
            let time = try reader.time()
            let stamp = Stamp(time: time, dot: try reader.dot())
            let change = try reader.change(limits: limits)
            changes.append(PlainChange(stamp: stamp, header: change.header, payload: change.sealed))
        }
        return changes
    }
}
