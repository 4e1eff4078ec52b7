"""Parameter sweeps: job parameters with place holders, and the values to put in."""

from azure.mgmt.batchai.models import JobCreateParameters


class ParamSpec:
    """A parameter and its values."""

    parameter_name: str
    values: list

    def __init__(self, parameter_name: str) -> None: ...

    def get_random(self) -> any:
        """One of the values."""


class NumParamSpec(ParamSpec):
    """A range of numbers."""

    data_type: str
    start: float
    end: float
    scale: str
    num_values: int | None
    step: float | None

    def __init__(self, parameter_name: str, data_type: str, start: float, end: float, scale: str,
                 num_values: int = None, step: float = None) -> None:
        """data_type is "INTEGER" or "REAL", scale "LINEAR" or "LOG"."""


class DiscreteParamSpec(ParamSpec):
    """A list of values."""

    def __init__(self, parameter_name: str, values: list) -> None: ...

    def validate(self, values: list) -> None:
        """Raise ValueError unless all are strings or numbers."""


class DictParamSpec(ParamSpec):
    """Values that vary together: a list of dictionaries with equal keys."""

    dict_keys: list[str]

    def __init__(self, parameter_name: str, values: list[dict]) -> None: ...

    def validate(self, values: list[dict]) -> None:
        """Raise ValueError unless the keys are the same everywhere."""


class FileParamSpec(ParamSpec):
    """The paths of the files in a file share or a container, as the job sees them."""

    def __init__(self, parameter_name: str, storage_account_name: str, storage_account_key: str, storage_type: str,
                 mount_path: str, mount_method: str, container: str = None, fileshare: str = None,
                 directory: str = None, filter_str: str = None) -> None:
        """storage_type is "BLOB" or "FILE", mount_method "JOB" or "CLUSTER"; lists the files at once."""


class Substitution:
    """A place holder for the value of a parameter."""

    ENV_VAR_PREFIX = "PARAM_"
    parameter_name: str
    dictParams: dict[str, Substitution]

    def __init__(self, parameter_name: str) -> None: ...

    @classmethod
    def convert_name(cls, parameter_name: str) -> str:
        """The text that stands for the parameter, and the name of its environment variable."""

    def __getitem__(self, key: str) -> Substitution:
        """The place holder for one key of a dictionary parameter."""


class ParameterSweep:
    """Job parameters for the combinations of parameter values."""

    param_specs: list[ParamSpec]

    def __init__(self, param_specs: list[ParamSpec]) -> None: ...

    @classmethod
    def from_json(cls, param_specs_json: dict) -> ParameterSweep:
        """A sweep from its JSON description."""

    def __getitem__(self, key: str) -> Substitution:
        """The place holder of a parameter; attributes of the parameter's name are the same."""

    def __getattr__(self, name: str) -> Substitution:
        """The place holder of a parameter."""

    def generate_jobs(self, job_create_parameters: JobCreateParameters) -> tuple[list[JobCreateParameters], list[dict]]:
        """All combinations, and the values of each."""

    def generate_jobs_random_search(self, job_create_parameters: JobCreateParameters,
                                    num_jobs: int) -> tuple[list[JobCreateParameters], list[dict]]:
        """So many random combinations, and the values of each."""
