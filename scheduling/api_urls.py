from django.urls import path

from scheduling import api, staff_api

urlpatterns = [
    path("availability/", api.Availability.as_view(), name="api_availability"),
    path("holds/", api.Holds.as_view(), name="api_holds"),
    path("bookings/", api.Bookings.as_view(), name="api_bookings"),
    path("bookings/<str:token>/", api.Booking.as_view(), name="api_booking"),
    path("bookings/<str:token>/cancel/", api.CancelBooking.as_view(), name="api_booking_cancel"),
    path("bookings/<str:token>/reschedule/", api.RescheduleBooking.as_view(), name="api_booking_reschedule"),
    path("appointments/", staff_api.Appointments.as_view(), name="api_appointments"),
    path("appointments/<uuid:uid>/", staff_api.OneAppointment.as_view(), name="api_appointment"),
    path(
        "appointments/<uuid:uid>/cancel/",
        staff_api.CancelAppointment.as_view(),
        name="api_appointment_cancel",
    ),
    path(
        "appointments/<uuid:uid>/reschedule/",
        staff_api.RescheduleAppointment.as_view(),
        name="api_appointment_reschedule",
    ),
    path(
        "appointments/<uuid:uid>/start/", staff_api.StartAppointment.as_view(), name="api_appointment_start"
    ),
    path("appointments/<uuid:uid>/undo/", staff_api.UndoAppointment.as_view(), name="api_appointment_undo"),
    *(
        path(
            f"appointments/<uuid:uid>/{verb.replace('_', '-')}/",
            staff_api.step_view(verb).as_view(),
            name=f"api_appointment_{verb}",
        )
        for verb in ("confirm", "check_in", "complete", "no_show")
    ),
    path(
        "patients/<uuid:uid>/appointments/",
        staff_api.PatientAppointments.as_view(),
        name="api_patient_appointments",
    ),
]
