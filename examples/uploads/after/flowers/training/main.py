import argparse

import horovod.tensorflow as hvd

parser = argparse.ArgumentParser()
parser.add_argument('--images')
parser.add_argument('--epochs', type=int)
args = parser.parse_args()
hvd.init()
print(hvd.rank(), args.images)
