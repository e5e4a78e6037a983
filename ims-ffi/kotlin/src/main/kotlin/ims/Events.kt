package ims

import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.flow

private val PAGE_EVENTS = 500u
private val WAIT_MS = 60_000u

/**
 * Every event after an offset, exactly once and in order: first those that are there, then each as it becomes true. It
 * ends with the collector, or with [ImsException.Stopped] when the shop is closed. To go on later, keep the offset of the
 * last event that was dealt with.
 */
fun Ims.eventFlow(after: ULong = 0uL): Flow<Event> = flow {
    var seen = after
    while (true) {
        for (event in nextEvents(seen, PAGE_EVENTS, WAIT_MS).events) {
            emit(event)
            seen = event.offset
        }
    }
}
