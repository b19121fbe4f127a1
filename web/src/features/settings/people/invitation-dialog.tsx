import { Button, Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useFormat } from '@/lib/use-format';
import { CopyField } from '@/ui/copy-field';
import { FormError } from '@/ui/form-error';
import { Note } from '@/ui/note';
import { BlockSkeleton } from '@/ui/skeleton';
import type { User, useInvite } from './api';
import styles from './people.module.css';

type Props = {
  user: User;
  /** The making of the link. */
  invite: ReturnType<typeof useInvite>;
};

/** Shows a link by which a person chooses their own password, this one time. */
export function InvitationDialog({ user, invite }: Props) {
  const { t } = useTranslation('people');
  const format = useFormat();
  const onClose = () => invite.reset();
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!invite.data}
      title={t('invite.title', user)}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <div className={styles.form}>
        <FormError error={invite.error} />
        {invite.isPending && <BlockSkeleton lines={3} />}
        {invite.data && (
          <>
            <Note tone="warn">{t('invite.once')}</Note>
            <CopyField
              label={t('invite.link')}
              value={`${window.location.origin}/join#${invite.data.secret}`}
            />
            <p className={styles.quiet}>
              {t('invite.until', { at: format.instant(invite.data.expires_at) })}
            </p>
          </>
        )}
        <Button onClick={onClose}>{t('common:action.done')}</Button>
      </div>
    </Modal>
  );
}
