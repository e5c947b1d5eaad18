"""The partnership's addresses."""

from django.urls import path

from commonhold.partnership.views import agreement, entrance, partnership, people, proposals, tokens

app_name = "partnership"
urlpatterns = [
    path("start/", entrance.start, name="start"),
    path("personas/", entrance.personas, name="personas"),
    path("me/post/", entrance.choose_post, name="choose_post"),
    path("me/told/", entrance.told, name="told"),
    path("me/tokens/", tokens.tokens, name="tokens"),
    path("me/tokens/make/", tokens.make_token, name="make_token"),
    path("partnership/tokens/<int:number>/revoke/", tokens.revoke_token, name="revoke_token"),
    path("partnership/", partnership.partners, name="partners"),
    path("partnership/name/", partnership.rename, name="rename"),
    path("partnership/partners/<slug:slug>/", partnership.partner, name="partner"),
    path("partnership/partners/<slug:slug>/correct/", partnership.correct_partner, name="correct_partner"),
    path("partnership/posts/<slug:slug>/", partnership.post, name="post"),
    path("partnership/posts/<slug:slug>/appoint/", people.appoint, name="appoint"),
    path("partnership/appointments/<int:number>/end/", people.end_appointment, name="end_appointment"),
    path("partnership/clients/add/", partnership.add_client, name="add_client"),
    path("partnership/clients/<slug:slug>/correct/", partnership.correct_client, name="correct_client"),
    path("partnership/clients/<slug:slug>/end/", partnership.end_client, name="end_client"),
    path("partnership/people/<slug:slug>/", people.people_of, name="people"),
    path("partnership/people/<slug:slug>/add/", people.add_person, name="add_person"),
    path("partnership/people/<slug:slug>/tokens/", tokens.partner_s_tokens, name="partner_tokens"),
    path("partnership/people/<slug:slug>/make-post/", people.make_post, name="make_post"),
    path("partnership/accounts/<int:number>/", people.account, name="account"),
    path("partnership/accounts/<int:number>/correct/", people.correct_account, name="correct_account"),
    path("partnership/accounts/<int:number>/link/", people.make_link, name="make_link"),
    path("partnership/accounts/<int:number>/close/", people.close_account, name="close_account"),
    path("partnership/accounts/<int:number>/reopen/", people.reopen_account, name="reopen_account"),
    path(
        "partnership/accounts/<int:number>/second-factors/remove/", people.remove_second_factors, name="remove_factors"
    ),
    path("agreement/", agreement.agreement, name="agreement"),
    path("agreement/rules/<slug:rule>/", agreement.rule, name="rule"),
    path("agreement/rules/<slug:rule>/find/", agreement.find, name="find"),
    path("agreement/rules/<slug:rule>/propose/", agreement.propose, name="propose"),
    path("agreement/rules/<slug:rule>/<int:number>/confirm/", agreement.confirm, name="confirm"),
    path("agreement/rules/<slug:rule>/<int:number>/dispute/", agreement.dispute, name="dispute"),
    path("agreement/rules/<slug:rule>/<int:number>/document/", agreement.document, name="document"),
    path("agreement/proposals/", proposals.proposals, name="proposals"),
    path("agreement/proposals/<int:number>/", proposals.proposal, name="proposal"),
    path("agreement/proposals/<int:number>/consent/", proposals.consent, name="consent"),
    path("agreement/proposals/<int:number>/withdraw-consent/", proposals.withdraw_consent, name="withdraw_consent"),
    path("agreement/proposals/<int:number>/withdraw/", proposals.withdraw, name="withdraw"),
]
