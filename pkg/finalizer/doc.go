// Package finalizer plans the ways out of a blocked deletion, decides whether
// they may be gone, keeps a journal of them and goes them.
//
// Planning and the gate ([Judge], [WaysOut], [Digest]) are pure: the same
// evidence always gives the same plan. The [Executor] is the only part that
// writes to a cluster, and the [Journal] the only one that writes files.
//
// The gate is the table of docs/safety.md. Where the table leaves something
// open it is read as follows:
//
//   - A way that erases needs the place to be the one the run wrote to, and to be
//     nobody else's. On a place that is Empty both are shown only, for nothing can
//     be erased there. That is what makes "correct the endpoint, then retry the
//     clean-up" possible.
//   - A place with nothing but old versions, or whose versions cannot be listed,
//     is the risk hidden-versions for a strip.
//   - A verdict is first reconciled with the object's own record: a place that
//     looks empty although the record says that bytes were written is unknown.
//   - A record that says that nothing was written waives the risk
//     location-overridden and nothing else.
//   - Runs, stops and moves are writers. A clean-up is not: one that waits or cannot
//     start blocks nothing, one that runs is shown, for it may finish by itself.
//   - The place has changed when the recorded path, the environment of the run or
//     the time of the last edit says so. When none of them is known, neither is that.
//   - With several places each has to pass, and each asks for its own risks.
//   - What a look cannot see cannot be counted: erasing an unknown place asks for
//     storage-unknown and for erases-data with the path typed back. Data that was seen
//     has to be counted first.
//   - Where data is present or the place is unknown, only a way that was named is gone.
package finalizer
