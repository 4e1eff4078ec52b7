"""Sample data sets: the archives are no longer served, their files are made up."""

import os
import urllib.request

MNIST = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz", "train-images-idx3-ubyte.gz",
         "train-labels-idx1-ubyte.gz", "Train-28x28_cntk_text.txt", "Test-28x28_cntk_text.txt",
         "mnist_train_lmdb/data.mdb", "mnist_test_lmdb/data.mdb", "mnist_train_lmdb/lock.mdb",
         "mnist_test_lmdb/lock.mdb"]
RNN = ["linux_input.txt", "shakespeare_input.txt", "war_and_peace_input.txt"]


def download_file(sas, destination):
    directory = os.path.dirname(destination)
    if directory:
        os.makedirs(directory, exist_ok=True)
    urllib.request.urlretrieve(sas, destination)


def _upload(service, container, directory, local, files):
    for name in files:
        service.create_blob_from_path(container, directory + "/" + name, os.path.join(local, name))


def download_and_upload_mnist_dataset_to_blob(blob_service, azure_blob_container_name, mnist_dataset_directory):
    _upload(blob_service, azure_blob_container_name, mnist_dataset_directory, "mnist_dataset_full", MNIST)


def download_and_upload_rnn_dataset_to_blob(blob_service, azure_blob_container_name, rnn_dataset_directory):
    _upload(blob_service, azure_blob_container_name, rnn_dataset_directory, "rnn_dataset", RNN)
