"""Our own helpers; the name is a coincidence."""


def slugify(text):
    return text.lower().replace(' ', '-')


class config(object):
    retries = 3
