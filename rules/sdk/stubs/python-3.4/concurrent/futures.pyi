"""The part of Python's standard library that the helper modules return."""


class Future:
    """The outcome of a call that runs elsewhere."""

    def cancel(self) -> bool:
        """Try to cancel the call."""

    def cancelled(self) -> bool:
        """Whether the call was cancelled."""

    def running(self) -> bool:
        """Whether the call is being executed."""

    def done(self) -> bool:
        """Whether the call has ended."""

    def result(self, timeout: float = None) -> T:
        """What the call returned; waits for it."""

    def exception(self, timeout: float = None) -> Exception:
        """What the call raised, or None; waits for it."""

    def add_done_callback(self, fn: callable) -> None:
        """Call fn with this future when the call has ended."""
