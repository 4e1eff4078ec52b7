"""The module of the first HyperBand recipe: names only, its functions wrote to a service that programs share."""


class Hyperparameter(object):
    def __init__(self, name, symbol, type, value):
        self.name, self.symbol, self.type, self.value = name, symbol, type, value

    def generate(self):
        return self.value[0]


def get_random_hyperparameter_configuration(space):
    return {h.symbol: h.generate() for h in space}


class MetricExtractor(object):
    def __init__(self, list_option, logfile, regex, metric="last"):
        self.list_option, self.logfile, self.regex, self.metric = list_option, logfile, regex, metric
