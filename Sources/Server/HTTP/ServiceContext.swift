internal import Hummingbird
internal import Logging
internal import NIOCore

/// What is known of a request besides the request: its connection, and what was noted for figures.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    let channel: any Channel

    init(source: Source) {
        coreContext = .init(source: source)
        channel = source.channel
    }
}
