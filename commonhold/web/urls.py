"""Every address of the site."""

from django.urls import include, path

from commonhold.performance.views import evidence
from commonhold.web.views import about, health, home, week

urlpatterns = [
    path("", home.home, name="home"),
    path("me/", home.me, name="me"),
    path("week/", week.week, name="week"),
    path("search/", home.searched, name="search"),
    path("glossary/", about.glossary, name="glossary"),
    path("tables/", about.tables, name="tables"),
    path("accessibility/", about.accessibility, name="accessibility"),
    path("cookies/", about.cookies, name="cookies"),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("accounts/", include("commonhold.partnership.urls.accounts")),
    path("", include("commonhold.partnership.urls")),
    path("", include("commonhold.governance.urls")),
    path("", include("commonhold.demand.urls")),
    path("", include("commonhold.performance.urls")),
    path("evidence/<path:reference>", evidence.evidence, name="evidence"),
    path("record/", include("commonhold.ledger.urls")),
    path("jobs/", include("commonhold.jobs.urls")),
]
handler400 = "commonhold.web.views.errors.bad_request"
handler403 = "commonhold.web.views.errors.forbidden"
handler404 = "commonhold.web.views.errors.not_found"
handler500 = "commonhold.web.views.errors.fault"
