"""Every address of the site."""

from django.urls import include, path

from commonhold.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
    path("accounts/", include("commonhold.partnership.urls.accounts")),
    path("", include("commonhold.partnership.urls")),
    path("record/", include("commonhold.ledger.urls")),
    path("jobs/", include("commonhold.jobs.urls")),
]
handler400 = "commonhold.web.views.bad_request"
handler403 = "commonhold.web.views.forbidden"
handler404 = "commonhold.web.views.not_found"
handler500 = "commonhold.web.views.fault"
