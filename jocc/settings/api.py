"""REST API: JSON only, closed unless a view opens itself."""

from jocc.settings.environment import env

REST_FRAMEWORK = {
    # `?format=` is a parameter that no route knows, like any other; the library would answer 404 to it.
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_AUTHENTICATION_CLASSES": ["agencies.authentication.ServiceTokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["agencies.api.permissions.Closed"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_VERSIONING_CLASS": None,
    "EXCEPTION_HANDLER": "agencies.api.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["agencies.api.throttles.TokenRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "token": env.str("JOCC_TOKEN_RATE", "1200/min"),
        "device": env.str("JOCC_DEVICE_RATE", "6000/min"),
    },
    "UNAUTHENTICATED_USER": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Joint operational coordination centre",
    "DESCRIPTION": "Deliveries from detection devices; passages, alarms, lookouts and hits for the agencies.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["agencies.api.permissions.SignedInOfficer"],
    "SERVE_AUTHENTICATION": ["rest_framework.authentication.SessionAuthentication"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": r"/api/v1/",
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    # Several records have a `state`; each list of states gets its own name.
    "ENUM_NAME_OVERRIDES": {
        "PostedStateEnum": "scanning.choices.POSTED_STATES",
        "DeviceKindEnum": "scanning.choices.DeviceKind",
        "MarkKindEnum": "scanning.choices.MarkKind",
        "LookoutKindEnum": "intelligence.choices.LookoutKind",
        "PriorityEnum": "intelligence.choices.Priority",
        "HitStateEnum": "intelligence.choices.HitState",
        "LookoutStateEnum": "intelligence.choices.LookoutState",
        "SharedKindEnum": "intelligence.choices.SharedKind",
        "ResultEnum": "scanning.choices.Result",
        "ScanResultEnum": "scanning.rules.requests.RESULT_CHOICES",
        "OutageKindEnum": "scanning.choices_care.OutageKind",
        "CareKindEnum": "scanning.choices_care.CareKind",
        "OutageStageEnum": "scanning.choices_care.OutageStage",
        "OutageWorkingStageEnum": "scanning.rules.outages.WORKING_CHOICES",
        "CorrectionKindEnum": "scanning.choices_corrections.CorrectionKind",
        "CorrectionStateEnum": "scanning.choices_corrections.CorrectionState",
        "NoticeStateEnum": "intelligence.choices.NoticeState",
    },
}
#: Largest body of one delivery in bytes (a real N42 portal file is 3.3 MB).
DELIVERY_MAX_BYTES = env.int("JOCC_DELIVERY_MAX_BYTES", 5 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = DELIVERY_MAX_BYTES + 1024

#: Largest picture in bytes and in pixels; a picture that arrives by itself comes through the deliveries' door.
IMAGE_MAX_BYTES = min(env.int("JOCC_IMAGE_MAX_BYTES", 8 * 1024 * 1024), DELIVERY_MAX_BYTES)
IMAGE_MAX_PIXELS = env.int("JOCC_IMAGE_MAX_PIXELS", 25_000_000)
#: Pictures of one event at most.
IMAGES_PER_EVENT = env.int("JOCC_IMAGES_PER_EVENT", 12)
#: Where an officer adds a picture: the only page that takes more than a form's bytes.
IMAGE_FORM_PATH = "/images/new/"
IMAGE_FORM_MAX_BYTES = IMAGE_MAX_BYTES + 64 * 1024
