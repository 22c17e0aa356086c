#ifndef THREAD_ORDER_H
#define THREAD_ORDER_H

/// Tells ThreadSanitizer from now on in which order the Swift runtime lets threads go on: its libraries
/// are not instrumented, so that without this every lock that had to wait, and every array that its last
/// owner writes to, would be reported. Does nothing without the sanitizer.
void thread_order_tell(void);

#endif
