// Made by tools/openapi-types of the description in openapi/. Change the overlay, not this file.

export interface paths {
    readonly "/api/annotations/{id}/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: number;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        readonly completed_by?: number;
                        readonly ground_truth?: boolean;
                        readonly lead_time?: number;
                        readonly project?: number;
                        readonly result?: readonly Record<string, unknown>[];
                        readonly task?: number;
                        readonly updated_by?: number;
                        readonly was_cancelled?: boolean;
                    };
                };
            };
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Annotation"];
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/current-user/whoami": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["BaseWhoAmIUser"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/invite": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["OrganizationInvite"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/ml/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly project?: number;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": readonly components["schemas"]["MLBackend"][];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        /** @enum {string} */
                        readonly auth_method?: "NONE" | "BASIC_AUTH";
                        readonly basic_auth_pass?: string;
                        readonly basic_auth_user?: string;
                        readonly description?: string;
                        readonly extra_params?: Record<string, unknown>;
                        readonly is_interactive?: boolean;
                        readonly project?: number;
                        readonly timeout?: number;
                        readonly title?: string;
                        readonly url?: string;
                    };
                };
            };
            readonly responses: {
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["MLBackend"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/predictions/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        readonly model_version?: string;
                        readonly result?: readonly Record<string, unknown>[];
                        readonly score?: number;
                        readonly task?: number;
                    };
                };
            };
            readonly responses: {
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Prediction"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/projects/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly filter?: string;
                    readonly ids?: string;
                    readonly include?: string;
                    readonly ordering?: string;
                    readonly page?: number;
                    readonly page_size?: number;
                    readonly search?: string;
                    readonly title?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["PaginatedProjectList"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": components["schemas"]["ProjectRequest"];
                };
            };
            readonly responses: {
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Project"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/projects/{id}/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: number;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Project"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: number;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": components["schemas"]["PatchedProjectRequest"];
                };
            };
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Project"];
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/projects/{id}/import": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post: {
            readonly parameters: {
                readonly query?: {
                    readonly commit_to_project?: boolean;
                    readonly preannotated_from_fields?: readonly string[];
                    readonly return_task_ids?: boolean;
                };
                readonly header?: never;
                readonly path: {
                    readonly id: number;
                };
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": readonly components["schemas"]["ImportApiRequest"][];
                };
            };
            readonly responses: {
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly annotation_count?: number;
                            readonly could_be_tasks_list?: boolean;
                            readonly data_columns?: readonly string[];
                            readonly duration?: number;
                            readonly file_upload_ids?: readonly number[];
                            readonly found_formats?: readonly string[];
                            readonly import?: number;
                            readonly prediction_count?: number;
                            readonly predictions_count?: number;
                            readonly task_count?: number;
                            readonly task_ids?: readonly number[];
                        };
                    };
                };
                readonly 400: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly detail: string;
                            readonly validation_errors?: Record<string, unknown>;
                        } & {
                            readonly [key: string]: unknown;
                        };
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/tasks/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly fields?: "all" | "task_only";
                    readonly include?: string;
                    readonly page?: number;
                    readonly page_size?: number;
                    readonly project?: number;
                    readonly query?: string;
                    readonly resolve_uri?: boolean;
                    readonly review?: boolean;
                    readonly view?: number;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly tasks: readonly components["schemas"]["data_manager_task_serializer"][];
                            readonly total: number;
                            readonly total_annotations: number;
                            readonly total_predictions: number;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/tasks/{id}/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["data_manager_task_serializer"];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: string;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        readonly data?: Record<string, unknown>;
                        readonly is_labeled?: boolean;
                        readonly project?: number;
                    };
                };
            };
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["BaseTask"];
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/api/tasks/{id}/annotations/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: number;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": readonly components["schemas"]["Annotation"][];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: number;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": {
                        readonly completed_by?: number;
                        readonly ground_truth?: boolean;
                        readonly lead_time?: number;
                        readonly project?: number;
                        readonly result?: readonly Record<string, unknown>[];
                        readonly task?: number;
                        readonly updated_by?: number;
                        readonly was_cancelled?: boolean;
                    };
                };
            };
            readonly responses: {
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Annotation"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/token/refresh/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": components["schemas"]["TokenRefreshRequest"];
                };
            };
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["TokenRefreshResponse"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/users/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": readonly components["schemas"]["BaseUser"][];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/version": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly edition?: string;
                            readonly release: string;
                        } & {
                            readonly [key: string]: unknown;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/webhooks/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: {
                    readonly project?: string;
                };
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": readonly components["schemas"]["Webhook"][];
                    };
                };
            };
        };
        readonly put?: never;
        readonly post: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody: {
                readonly content: {
                    readonly "application/json": components["schemas"]["WebhookRequest"];
                };
            };
            readonly responses: {
                readonly 201: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["Webhook"];
                    };
                };
            };
        };
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/webhooks/{id}/": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path: {
                    readonly id: number;
                };
                readonly cookie?: never;
            };
            readonly requestBody?: {
                readonly content: {
                    readonly "application/json": components["schemas"]["PatchedWebhookSerializerForUpdateRequest"];
                };
            };
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": components["schemas"]["WebhookSerializerForUpdate"];
                    };
                };
            };
        };
        readonly trace?: never;
    };
    readonly "/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get: {
            readonly parameters: {
                readonly query?: never;
                readonly header?: never;
                readonly path?: never;
                readonly cookie?: never;
            };
            readonly requestBody?: never;
            readonly responses: {
                readonly 200: {
                    headers: {
                        readonly [name: string]: unknown;
                    };
                    content: {
                        readonly "application/json": {
                            readonly status: string;
                        } & {
                            readonly [key: string]: unknown;
                        };
                    };
                };
            };
        };
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        readonly ActionsEnum: "PROJECT_CREATED" | "PROJECT_UPDATED" | "PROJECT_DELETED" | "TASKS_CREATED" | "TASKS_DELETED" | "ANNOTATION_CREATED" | "ANNOTATIONS_CREATED" | "ANNOTATION_UPDATED" | "ANNOTATIONS_DELETED" | "LABEL_LINK_CREATED" | "LABEL_LINK_UPDATED" | "LABEL_LINK_DELETED";
        readonly Annotation: {
            readonly bulk_created?: boolean | null;
            readonly completed_by?: number | ({
                readonly id: number;
            } & {
                readonly [key: string]: unknown;
            });
            /** @default  */
            readonly created_ago?: string;
            /** Format: date-time */
            readonly created_at?: string;
            /** @default  */
            readonly created_username?: string;
            /** Format: date-time */
            readonly draft_created_at?: string | null;
            readonly ground_truth?: boolean;
            readonly id?: number;
            /** Format: int64 */
            readonly import_id?: number | null;
            readonly last_action?: components["schemas"]["LastActionEnum"] | null;
            readonly last_created_by?: number | null;
            /** Format: double */
            readonly lead_time?: number | null;
            readonly parent_annotation?: number | null;
            readonly parent_prediction?: number | null;
            readonly project?: number | null;
            readonly result?: readonly Record<string, unknown>[];
            readonly state?: string;
            readonly task?: number | null;
            /** Format: date-time */
            readonly updated_at?: string;
            readonly updated_by?: number | null;
            readonly was_cancelled?: boolean;
        };
        readonly AnnotationRequest: {
            readonly bulk_created?: boolean | null;
            readonly completed_by?: number;
            /** Format: date-time */
            readonly draft_created_at?: string | null;
            readonly ground_truth?: boolean;
            /** Format: int64 */
            readonly import_id?: number | null;
            readonly last_action?: components["schemas"]["LastActionEnum"] | null;
            readonly last_created_by?: number | null;
            /** Format: double */
            readonly lead_time?: number | null;
            readonly parent_annotation?: number | null;
            readonly parent_prediction?: number | null;
            readonly project?: number | null;
            readonly result?: readonly Record<string, unknown>[];
            readonly task?: number | null;
            readonly unique_id?: string;
            readonly updated_by?: number | null;
            readonly was_cancelled?: boolean;
        };
        /** @enum {string} */
        readonly AuthMethodEnum: "NONE" | "BASIC_AUTH";
        readonly BaseTask: {
            readonly annotations?: readonly components["schemas"]["Annotation"][];
            /** Format: int64 */
            readonly cancelled_annotations?: number;
            readonly comment_authors?: readonly number[];
            /** Format: int64 */
            readonly comment_count?: number;
            /** Format: date-time */
            readonly created_at: string;
            readonly data: unknown;
            readonly file_upload?: number | null;
            readonly id: number;
            /** Format: int64 */
            readonly inner_id?: number | null;
            readonly is_labeled?: boolean;
            /** Format: date-time */
            readonly last_comment_updated_at?: string | null;
            readonly meta?: unknown;
            /** Format: int64 */
            readonly overlap?: number;
            readonly predictions?: readonly components["schemas"]["Prediction"][];
            readonly project?: number | null;
            /** Format: int64 */
            readonly total_annotations?: number;
            /** Format: int64 */
            readonly total_predictions?: number;
            /** Format: int64 */
            readonly unresolved_comment_count?: number;
            /** Format: date-time */
            readonly updated_at: string;
            readonly updated_by?: number | null;
        };
        readonly BaseUser: {
            readonly active_organization?: number | null;
            readonly active_organization_meta: {
                readonly [key: string]: unknown;
            };
            readonly allow_newsletters?: boolean | null;
            readonly avatar: string | null;
            readonly custom_hotkeys?: unknown;
            /** Format: date-time */
            readonly date_joined?: string;
            /** Format: email */
            readonly email?: string;
            readonly first_name?: string;
            readonly id: number;
            /** @default ? */
            readonly initials: string;
            /** Format: date-time */
            readonly last_activity: string;
            readonly last_name?: string;
            readonly phone?: string;
            readonly username: string;
        };
        readonly BaseWhoAmIUser: {
            readonly active_organization?: number | null;
            readonly active_organization_meta: {
                readonly [key: string]: unknown;
            };
            readonly allow_newsletters?: boolean | null;
            readonly avatar: string | null;
            readonly custom_hotkeys?: unknown;
            /** Format: date-time */
            readonly date_joined?: string;
            /** Format: email */
            readonly email?: string;
            readonly first_name?: string;
            readonly id: number;
            /** @default ? */
            readonly initials: string;
            /** Format: date-time */
            readonly last_activity: string;
            readonly last_name?: string;
            readonly permissions: readonly string[];
            readonly phone?: string;
            readonly username: string;
        };
        readonly data_manager_task_serializer: {
            readonly annotations?: readonly components["schemas"]["Annotation"][];
            readonly annotations_ids?: string;
            readonly annotations_results?: string;
            readonly annotators?: readonly number[];
            /** Format: double */
            readonly avg_lead_time?: number;
            readonly cancelled_annotations?: number;
            readonly comment_authors?: readonly number[];
            /** Format: int64 */
            readonly comment_count?: number;
            /** Format: date-time */
            readonly completed_at?: string | null;
            /** Format: date-time */
            readonly created_at?: string;
            readonly data?: unknown;
            readonly draft_exists?: boolean;
            readonly drafts?: readonly {
                /** Format: date-time */
                readonly created_at?: string;
                readonly result?: readonly Record<string, unknown>[];
                /** Format: date-time */
                readonly updated_at?: string;
            }[];
            readonly file_upload?: string | null;
            readonly id?: number;
            readonly inner_id?: number;
            readonly is_labeled?: boolean;
            /** Format: date-time */
            readonly last_comment_updated_at?: string | null;
            readonly meta?: unknown;
            /** Format: int64 */
            readonly overlap?: number;
            readonly predictions?: readonly components["schemas"]["Prediction"][];
            readonly predictions_model_versions?: string;
            readonly predictions_results?: string;
            /** Format: double */
            readonly predictions_score?: number;
            readonly project?: number | null;
            readonly state?: string;
            readonly storage_filename?: string | null;
            readonly total_annotations?: number;
            readonly total_predictions?: number;
            /** Format: int64 */
            readonly unresolved_comment_count?: number;
            /** Format: date-time */
            readonly updated_at?: string;
            readonly updated_by?: readonly Record<string, unknown>[];
        };
        readonly ImportApiRequest: {
            readonly allow_skip?: boolean | null;
            /** @default [] */
            readonly annotations?: readonly components["schemas"]["AnnotationRequest"][];
            /** Format: int64 */
            readonly cancelled_annotations?: number;
            readonly comment_authors?: readonly number[];
            /** Format: int64 */
            readonly comment_count?: number;
            readonly data: unknown;
            readonly file_upload?: number | null;
            /** Format: int64 */
            readonly inner_id?: number | null;
            /** Format: date-time */
            readonly last_comment_updated_at?: string | null;
            readonly meta?: unknown;
            /** Format: int64 */
            readonly overlap?: number;
            /** Format: double */
            readonly precomputed_agreement?: number | null;
            /** @default [] */
            readonly predictions?: readonly components["schemas"]["PredictionRequest"][];
            /** Format: int64 */
            readonly total_annotations?: number;
            /** Format: int64 */
            readonly total_predictions?: number;
            /** Format: int64 */
            readonly unresolved_comment_count?: number;
            readonly updated_by?: number | null;
        };
        /** @enum {string} */
        readonly LastActionEnum: "prediction" | "propagated_annotation" | "imported" | "submitted" | "updated" | "skipped" | "accepted" | "rejected" | "fixed_and_accepted" | "deleted_review";
        readonly MLBackend: {
            readonly auth_method?: components["schemas"]["AuthMethodEnum"];
            readonly auto_update?: boolean;
            readonly basic_auth_pass_is_set: boolean;
            readonly basic_auth_user?: string | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly description?: string | null;
            readonly error_message?: string | null;
            readonly extra_params?: unknown;
            readonly id: number;
            readonly is_interactive?: boolean;
            readonly model_version?: string | null;
            readonly project: number;
            readonly readable_state: string;
            readonly state?: components["schemas"]["StateEnum"];
            /** Format: double */
            readonly timeout?: number;
            readonly title?: string | null;
            /** Format: date-time */
            readonly updated_at: string;
            readonly url: string;
        };
        readonly OrganizationInvite: {
            readonly invite_url?: string;
            readonly token?: string;
        };
        readonly PaginatedProjectList: {
            readonly count: number;
            /** Format: uri */
            readonly next?: string | null;
            /** Format: uri */
            readonly previous?: string | null;
            readonly results: readonly components["schemas"]["Project"][];
        };
        readonly PatchedProjectRequest: {
            readonly annotator_evaluation_enabled?: boolean;
            readonly color?: string | null;
            readonly control_weights?: {
                readonly [key: string]: unknown;
            } | null;
            readonly created_by?: components["schemas"]["UserSimpleRequest"];
            readonly description?: string | null;
            readonly enable_empty_annotation?: boolean;
            readonly evaluate_predictions_automatically?: boolean;
            readonly expert_instruction?: string | null;
            readonly is_draft?: boolean;
            readonly is_published?: boolean;
            readonly label_config?: string | null;
            /** Format: int64 */
            readonly maximum_annotations?: number;
            /** Format: int64 */
            readonly min_annotations_to_start_training?: number;
            readonly model_version?: string | null;
            readonly organization?: number | null;
            /** Format: int64 */
            readonly overlap_cohort_percentage?: number;
            /** Format: date-time */
            readonly pinned_at?: string | null;
            readonly reveal_preannotations_interactively?: boolean;
            readonly sampling?: components["schemas"]["SamplingEnum"] | null;
            readonly show_annotation_history?: boolean;
            readonly show_collab_predictions?: boolean;
            /** @deprecated */
            readonly show_ground_truth_first?: boolean;
            readonly show_instruction?: boolean;
            readonly show_overlap_first?: boolean;
            readonly show_skip_button?: boolean;
            readonly skip_queue?: components["schemas"]["SkipQueueEnum"] | null;
            readonly task_data_login?: string | null;
            readonly task_data_password?: string | null;
            readonly title?: string | null;
        };
        readonly PatchedWebhookSerializerForUpdateRequest: {
            /** @default [] */
            readonly actions?: readonly components["schemas"]["ActionsEnum"][];
            readonly headers?: unknown;
            readonly is_active?: boolean;
            readonly send_for_all_actions?: boolean;
            readonly send_payload?: boolean;
            /** Format: uri */
            readonly url?: string;
        };
        readonly Prediction: {
            /** Format: int64 */
            readonly cluster?: number | null;
            /** @default  */
            readonly created_ago: string;
            /** Format: date-time */
            readonly created_at: string;
            readonly id: number;
            /** Format: double */
            readonly mislabeling?: number;
            readonly model?: number | null;
            readonly model_run?: number | null;
            readonly model_version?: string;
            readonly neighbors?: unknown;
            readonly project?: number | null;
            readonly result: readonly Record<string, unknown>[];
            /** Format: double */
            readonly score?: number | null;
            readonly task: number;
            /** Format: date-time */
            readonly updated_at: string;
        };
        readonly PredictionRequest: {
            /** Format: int64 */
            readonly cluster?: number | null;
            /** Format: double */
            readonly mislabeling?: number;
            readonly model?: number | null;
            readonly model_run?: number | null;
            readonly model_version?: string;
            readonly neighbors?: unknown;
            readonly project?: number | null;
            readonly result: readonly Record<string, unknown>[];
            /** Format: double */
            readonly score?: number | null;
            readonly task?: number;
        };
        readonly Project: {
            readonly annotator_evaluation_enabled?: boolean;
            readonly color?: string | null;
            readonly config_has_control_tags: boolean;
            readonly config_suitable_for_bulk_annotation: boolean;
            readonly control_weights?: {
                readonly [key: string]: unknown;
            } | null;
            /** Format: date-time */
            readonly created_at: string;
            readonly created_by?: components["schemas"]["UserSimple"];
            readonly description?: string | null;
            readonly enable_empty_annotation?: boolean;
            readonly evaluate_predictions_automatically?: boolean;
            readonly expert_instruction?: string | null;
            readonly finished_task_number: number | null;
            readonly ground_truth_number: number | null;
            readonly id: number;
            readonly is_draft?: boolean;
            readonly is_published?: boolean;
            readonly label_config?: string | null;
            /** Format: int64 */
            readonly maximum_annotations?: number;
            /** Format: int64 */
            readonly min_annotations_to_start_training?: number;
            readonly model_version?: string | null;
            readonly num_tasks_with_annotations: number | null;
            readonly organization?: number | null;
            /** Format: int64 */
            readonly overlap_cohort_percentage?: number;
            readonly parsed_label_config: {
                readonly [key: string]: unknown;
            };
            /** Format: date-time */
            readonly pinned_at?: string | null;
            readonly queue_done: number;
            readonly queue_total: number;
            readonly reveal_preannotations_interactively?: boolean;
            readonly sampling?: components["schemas"]["SamplingEnum"] | null;
            readonly show_annotation_history?: boolean;
            readonly show_collab_predictions?: boolean;
            /** @deprecated */
            readonly show_ground_truth_first?: boolean;
            readonly show_instruction?: boolean;
            readonly show_overlap_first?: boolean;
            readonly show_skip_button?: boolean;
            readonly skip_queue?: components["schemas"]["SkipQueueEnum"] | null;
            readonly skipped_annotations_number: number | null;
            readonly start_training_on_annotation_update: boolean;
            readonly state: string | null;
            readonly task_data_login?: string | null;
            readonly task_data_password?: string | null;
            readonly task_number: number | null;
            readonly title?: string | null;
            readonly total_annotations_number: number | null;
            readonly total_predictions_number: number | null;
            readonly useful_annotation_number: number | null;
        };
        readonly ProjectRequest: {
            readonly annotator_evaluation_enabled?: boolean;
            readonly color?: string | null;
            readonly control_weights?: {
                readonly [key: string]: unknown;
            } | null;
            readonly created_by?: components["schemas"]["UserSimpleRequest"];
            readonly description?: string | null;
            readonly enable_empty_annotation?: boolean;
            readonly evaluate_predictions_automatically?: boolean;
            readonly expert_instruction?: string | null;
            readonly is_draft?: boolean;
            readonly is_published?: boolean;
            readonly label_config?: string | null;
            /** Format: int64 */
            readonly maximum_annotations?: number;
            /** Format: int64 */
            readonly min_annotations_to_start_training?: number;
            readonly model_version?: string | null;
            readonly organization?: number | null;
            /** Format: int64 */
            readonly overlap_cohort_percentage?: number;
            /** Format: date-time */
            readonly pinned_at?: string | null;
            readonly reveal_preannotations_interactively?: boolean;
            readonly sampling?: components["schemas"]["SamplingEnum"] | null;
            readonly show_annotation_history?: boolean;
            readonly show_collab_predictions?: boolean;
            /** @deprecated */
            readonly show_ground_truth_first?: boolean;
            readonly show_instruction?: boolean;
            readonly show_overlap_first?: boolean;
            readonly show_skip_button?: boolean;
            readonly skip_queue?: components["schemas"]["SkipQueueEnum"] | null;
            readonly task_data_login?: string | null;
            readonly task_data_password?: string | null;
            readonly title?: string | null;
        };
        /** @enum {string} */
        readonly SamplingEnum: "Sequential sampling" | "Uniform sampling" | "Uncertainty sampling";
        /** @enum {string} */
        readonly SkipQueueEnum: "REQUEUE_FOR_ME" | "REQUEUE_FOR_OTHERS" | "IGNORE_SKIPPED";
        /** @enum {string} */
        readonly StateEnum: "CO" | "DI" | "ER" | "TR" | "PR";
        readonly TokenRefreshRequest: {
            readonly refresh: string;
        };
        readonly TokenRefreshResponse: {
            readonly access: string;
        };
        readonly UserSimple: {
            readonly avatar: string | null;
            /** Format: email */
            readonly email?: string;
            readonly first_name?: string;
            readonly id: number;
            readonly last_name?: string;
        };
        readonly UserSimpleRequest: {
            /** Format: email */
            readonly email?: string;
            readonly first_name?: string;
            readonly last_name?: string;
        };
        readonly Webhook: {
            /** @default [] */
            readonly actions?: readonly components["schemas"]["ActionsEnum"][];
            /** Format: date-time */
            readonly created_at: string;
            readonly headers?: unknown;
            readonly id: number;
            readonly is_active?: boolean;
            readonly organization: number;
            readonly project?: number | null;
            readonly send_for_all_actions?: boolean;
            readonly send_payload?: boolean;
            /** Format: date-time */
            readonly updated_at: string;
            /** Format: uri */
            readonly url: string;
        };
        readonly WebhookRequest: {
            /** @default [] */
            readonly actions?: readonly components["schemas"]["ActionsEnum"][];
            readonly headers?: unknown;
            readonly is_active?: boolean;
            readonly project?: number | null;
            readonly send_for_all_actions?: boolean;
            readonly send_payload?: boolean;
            /** Format: uri */
            readonly url: string;
        };
        readonly WebhookSerializerForUpdate: {
            /** @default [] */
            readonly actions?: readonly components["schemas"]["ActionsEnum"][];
            /** Format: date-time */
            readonly created_at: string;
            readonly headers?: unknown;
            readonly id: number;
            readonly is_active?: boolean;
            readonly organization: number;
            readonly project: number | null;
            readonly send_for_all_actions?: boolean;
            readonly send_payload?: boolean;
            /** Format: date-time */
            readonly updated_at: string;
            /** Format: uri */
            readonly url: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
