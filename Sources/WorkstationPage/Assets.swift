import CPageAssets
import LocalPage

/// The page's files, which are a part of the program.
enum Assets {
    static let files = PageFiles(
        (0..<page_asset_count()).map { index in
            let asset = unsafe page_asset_at(index)!.pointee
            return (
                unsafe String(cString: asset.name),
                unsafe Array(UnsafeBufferPointer(start: asset.bytes, count: asset.count))
            )
        })
    /// By path: `/call.js`.
    static let all = files.all
}
