"""Static files under names that hold their digest, those that our modules import from one another included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage  # type: ignore[import-untyped]


class HashedFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Django rewrites imports between modules only in files ending in .js; our behaviours end in .mjs."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "*.mjs",
            (
                (
                    r"""(?P<matched>import(?P<import>[\s{][^"';]*?)from\s*["'](?P<url>[./][^"']*)["']\s*;)""",
                    """import%(import)sfrom "%(url)s";""",
                ),
            ),
        ),
    )
