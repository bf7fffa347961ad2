from django.urls import path

from photos import api

urlpatterns = [
    path("photos/", api.Photos.as_view(), name="api_photos"),
    path("photos/<uuid:uid>/content/", api.PhotoContent.as_view(), name="api_photo_content"),
    path("patients/<uuid:uid>/photos/", api.PatientPhotos.as_view(), name="api_patient_photos"),
]
