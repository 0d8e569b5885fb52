"""Which variant the next frame runs, so that it is in time."""

from collections.abc import Mapping

from dycc import _core
from dycc._errors import refuse as _refuse


class QosController:
    """Chooses a variant for each frame; see docs/qos.md. It has no clock: say what frames
    took.

        seconds = {name: cost.seconds for name, cost in model.query(H=270, W=480).items()}
        controller = dycc.QosController(seconds, frame_rate=30)
        model.select(controller.choose(waited))
        ...
        controller.report(took)

    seconds: by name what a frame of each variant takes, measured or an estimate
    quality: by name, on any scale, the more the better; without any the slower the better
    deadline: seconds from when a frame is due until it has to be done; 0 is the time
        between two frames
    frame_rate: frames per second; 0 is none, and then there is a deadline
    hold: frames with head-room before a better variant; 0 is 30
    """

    def __init__(self, seconds: Mapping[str, float],
                 quality: Mapping[str, float] | None = None, *, deadline: float = 0,
                 frame_rate: float = 0, hold: int = 0) -> None:
        self.variants = list(seconds)
        qualities = self._ordered(quality) if quality else [0.0] * len(seconds)
        self._core = _core.QosController(list(map(float, seconds.values())), qualities,
                                         deadline, frame_rate, hold)

    def _ordered(self, given: Mapping[str, float]) -> list[float]:
        for name in given:
            if name not in self.variants:
                raise _refuse(f"there is no variant '{name}', expected one of {self.variants}")
        for name in self.variants:
            if name not in given:
                raise _refuse(f"no value for variant '{name}'")
        return [float(given[name]) for name in self.variants]

    def choose(self, waited: float = 0.0) -> str:
        """The variant of the frame that begins now, so many seconds after it was due."""
        return self.variants[self._core.choose(waited)]

    def report(self, seconds: float) -> None:
        """What the frame of the last choice took, waiting aside."""
        self._core.report(seconds)

    def update(self, seconds: Mapping[str, float]) -> None:
        """Other times of the variants, at other extents; what was learnt of the machine
        stays."""
        self._core.update(self._ordered(seconds))

    def predict(self) -> dict[str, float]:
        """What a frame of each variant is thought to take now."""
        return dict(zip(self.variants, self._core.predict()))
