#define _GNU_SOURCE
#include "thread_order.h"
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

// Weak: there only where the sanitizer is.
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

// Counts of references: a release comes before the end of the object, and before a write of whoever
// finds himself its only owner, as in C++ with a shared_ptr.

extern void (*_swift_release)(void *object);
extern void (*_swift_release_n)(void *object, uint32_t count);
extern bool _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly;

static void (*release)(void *object);
static void (*release_n)(void *object, uint32_t count);
static bool (*is_unique)(const void *object);

static void order(void *object) {
    // What is no object on the heap is marked by the highest bit.
    if ((intptr_t)object > 0 && __tsan_release) {
        __tsan_release(object);
        __tsan_acquire(object);
    }
}

static void released(void *object) {
    order(object);
    release(object);
}

static void released_n(void *object, uint32_t count) {
    order(object);
    release_n(object, count);
}

static void *next(const char *name) {
    void *symbol = dlsym(RTLD_NEXT, name);
    if (!symbol) { abort(); }
    return symbol;
}

// Stands before the runtime's own, which it asks.
bool swift_isUniquelyReferenced_nonNull_native(const void *object) {
    if (!is_unique) { is_unique = next("swift_isUniquelyReferenced_nonNull_native"); }
    bool is_only = is_unique(object);
    if (is_only && __tsan_acquire) { __tsan_acquire((void *)object); }
    return is_only;
}

// `Mutex`: what does not wait is compiled into the caller and seen; these two are not.

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef __attribute__((swiftcall)) void (*locking)(
    uint32_t thread, __attribute__((swift_context)) void *handle);
typedef __attribute__((swiftcall)) void (*unlocking)(
    __attribute__((swift_context)) void *handle);

__attribute__((swiftcall)) void thread_order_lock(
    uint32_t thread, __attribute__((swift_context)) void *handle) __asm__(LOCK);
__attribute__((swiftcall)) void thread_order_unlock(
    __attribute__((swift_context)) void *handle) __asm__(UNLOCK);

static locking lock_slow;
static unlocking unlock_slow;

__attribute__((swiftcall)) void thread_order_lock(
    uint32_t thread, __attribute__((swift_context)) void *handle) {
    lock_slow(thread, handle);
    if (__tsan_acquire) { __tsan_acquire(handle); }
}

__attribute__((swiftcall)) void thread_order_unlock(
    __attribute__((swift_context)) void *handle) {
    if (__tsan_release) { __tsan_release(handle); }
    unlock_slow(handle);
}

__attribute__((constructor)) static void find(void) {
    lock_slow = (locking)next(LOCK);
    unlock_slow = (unlocking)next(UNLOCK);
}

void thread_order_tell(void) {
    release = _swift_release;
    release_n = _swift_release_n;
    _swift_release = released;
    _swift_release_n = released_n;
    _swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly = true;
}
