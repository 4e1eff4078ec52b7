"""What the emulated helper modules of the recipes tell the run that they belong to."""

#: called with the name of a job that is waited for
on_wait = None
#: names of the jobs that the program has created
jobs = set()


def waited(name):
    if on_wait:
        on_wait(name)
