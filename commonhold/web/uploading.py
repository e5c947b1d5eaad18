"""Uploads that say at their beginning that they are larger than any page takes: they are not even received."""

from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

BESIDE: Final = 64 * 2**20
"""Bytes that may come beside the largest file, so that one that is a little too large is still told at its field."""


class WithinTheLimit(FileUploadHandler):
    """Lets through what is small enough, to the handlers after it; else a full disk is one request away."""

    def handle_raw_input(self, *given: Any, **named: Any) -> None:
        _, _, content_length, *_ = given
        if content_length > settings.UPLOAD_LIMIT + BESIDE:
            raise RequestDataTooBig("The upload is larger than any page takes.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
