package import Support

/// Takes the bytes of one output stream, and tells what kept them from being written.
///
/// A result and not a throwing closure: the compiler does not see a type after `throws` as a use of its import.
package struct OutputSink: Sendable {
    let write: @Sendable (_ bytes: [UInt8]) -> Result<Void, DescriptorFailure>

    package init(write: @escaping @Sendable (_ bytes: [UInt8]) -> Result<Void, DescriptorFailure>) {
        self.write = write
    }

    /// Writes to an open file descriptor.
    static func descriptor(_ descriptor: Int32) -> OutputSink {
        OutputSink { bytes in
            Result { () throws(DescriptorFailure) in try DescriptorOutput.write(bytes, to: descriptor) }
        }
    }
}
