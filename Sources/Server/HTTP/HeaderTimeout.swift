internal import NIOCore
internal import NIOHTTPTypes

/// Closes a connection whose header does not come whole in time: a new connection's from its start,
/// a kept one's from the header's first byte.
///
/// Stands behind the decoder, where whole headers and ends of responses are seen, and puts a second
/// handler before it, where bytes are.
final class HeaderTimeout: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let clock: HeaderClock

    init(_ time: Duration) {
        clock = HeaderClock(.init(time))
    }

    func handlerAdded(context: ChannelHandlerContext) {
        clock.start(context)
        do {
            try context.pipeline.syncOperations.addHandler(
                FirstByte(clock: clock), position: .first)
        } catch {
            // A connection that is closing already needs no clock.
            context.close(promise: nil)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { clock.stop() }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { clock.isAwaiting = true }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        clock.stop()
        context.fireChannelInactive()
    }
}

/// The clock of one connection; only its own event loop touches it.
private final class HeaderClock {
    /// Whether the next byte begins a header.
    var isAwaiting = false
    private let time: TimeAmount
    private var timer: Scheduled<Void>?

    init(_ time: TimeAmount) {
        self.time = time
    }

    func start(_ context: ChannelHandlerContext) {
        isAwaiting = false
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: time) {
            context.close(promise: nil)
        }
    }

    func stop() {
        isAwaiting = false
        timer?.cancel()
        timer = nil
    }
}

/// Starts the clock at the first byte of a header.
private final class FirstByte: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let clock: HeaderClock

    init(clock: HeaderClock) {
        self.clock = clock
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if clock.isAwaiting { clock.start(context) }
        context.fireChannelRead(data)
    }
}
