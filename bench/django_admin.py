"""A Django admin change list over the issues, as one writes it; Django is only there where somebody has installed it.

`python -m bench.django_admin` makes Django's own tables, in a schema of their own, and the account that signs in.
"""

import os
from typing import Any
from urllib.parse import urlsplit

import django
from django.conf import settings

SCHEMA = "django"
USERNAME, PASSWORD = "admin", "qianqi-2026"
_ADDRESS = urlsplit(os.environ["QIANQI_MIGRATION_URL"])
_CONTRIB = ("admin", "auth", "contenttypes", "sessions", "messages")

settings.configure(
    SECRET_KEY=os.environ["QIANQI_SECRET_KEY"],
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[*(f"django.contrib.{name}" for name in _CONTRIB), "bench"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _ADDRESS.path[1:],
            "HOST": _ADDRESS.hostname,
            "PORT": _ADDRESS.port,
            "USER": _ADDRESS.username,
            "PASSWORD": _ADDRESS.password,
            "OPTIONS": {"options": f"-c search_path={SCHEMA},public"},
            "CONN_MAX_AGE": 600,
        }
    },
    LOGGING={
        "version": 1,
        "handlers": {"console": {"class": "logging.StreamHandler"}},
        "root": {"handlers": ["console"], "level": "ERROR"},
    },
    STATIC_URL="/static/",
    LANGUAGE_CODE="zh-hans",
    USE_TZ=True,
    TIME_ZONE="Asia/Shanghai",
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()

from django.contrib import admin  # noqa: E402 - Django wants its settings first
from django.core.asgi import get_asgi_application  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.urls import path  # noqa: E402

from models.issue import IssueKind, IssueState, Urgency  # noqa: E402


class _Named(models.Model):  # type: ignore[misc]  # Django has no types
    name = models.TextField()

    class Meta:
        """Shared by the two below."""

        abstract = True

    def __str__(self) -> str:
        return str(self.name)


class Enterprise(_Named):
    """An enterprise."""

    class Meta:
        """The product's own table."""

        app_label, db_table, managed = "bench", "enterprise", False


class Department(_Named):
    """A department."""

    class Meta:
        """The product's own table."""

        app_label, db_table, managed = "bench", "department", False


def _choices(labels: Any) -> list[tuple[str, str]]:
    return [(each.value, each.label) for each in labels]


class Issue(models.Model):  # type: ignore[misc]  # Django has no types
    """An issue."""

    number = models.TextField()
    text = models.TextField()
    solution = models.TextField()
    kind = models.TextField(choices=_choices(IssueKind))
    state = models.TextField(choices=_choices(IssueState))
    urgency = models.TextField(choices=_choices(Urgency))
    enterprise = models.ForeignKey(Enterprise, models.DO_NOTHING)
    department = models.ForeignKey(Department, models.DO_NOTHING, null=True)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        """The product's own table."""

        app_label, db_table, managed = "bench", "issue", False


class IssueAdmin(admin.ModelAdmin):  # type: ignore[misc]  # Django has no types
    """The ledger's columns, filters and search, fifty rows a page, newest first."""

    list_display = ("number", "enterprise", "text", "state", "due_at", "department", "created_at")
    list_filter = ("state", "kind", "urgency", "department")
    list_select_related = ("enterprise", "department")
    search_fields = ("number", "text", "solution", "enterprise__name")
    ordering = ("-created_at", "-id")
    list_per_page = 50


admin.site.register(Issue, IssueAdmin)
urlpatterns = [path("admin/", admin.site.urls)]
application = get_asgi_application()


def prepare() -> None:
    """Make Django's own tables and the account that signs in."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User

    User.objects.create_superuser(USERNAME, "", PASSWORD)


if __name__ == "__main__":
    prepare()
